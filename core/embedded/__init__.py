"""Real servers of one's own for development and tests: PostgreSQL and Valkey as children of this process.

Production never imports this package; the two wheels it drives are the optional extra `embedded`.
"""

from core.embedded.postgres import EmbeddedPostgres
from core.embedded.process import EmbeddedError
from core.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedError", "EmbeddedPostgres", "EmbeddedValkey"]
