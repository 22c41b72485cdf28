"""Zone rules: the zone data with which what is planned was computed, so that a new version can be compared."""

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Table

from models.base import instant, metadata, words

zone_rules = Table(
    "zone_rules",
    metadata,
    words("name"),
    # TZif, as the package has it; all zones are 350 kB.
    Column("rules", LargeBinary, nullable=False),
    # What held until `changed_at`, for what older processes planned after that.
    Column("former", LargeBinary),
    instant("changed_at"),
    PrimaryKeyConstraint("name"),
)
