"""Mail over TLS, with a certificate made for the test."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels import open_channel
from channels.base import Transient
from tests.channels.example import ADA, message, over_smtp, refused_mail
from tests.fakes.smtp_server import FakeSmtp


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a key and a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake.example")])
    start = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem))
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    """Return what the server speaks TLS with."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("mode", ["starttls", "tls"])
async def test_mail_travels_over_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """Both ways of TLS carry a login and a mail, over one kept connection."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    tls = server_side(certificate)
    async with FakeSmtp(login=("mailer", "secret"), tls=tls, implicit_tls=mode == "tls") as server:
        settings = over_smtp(server, smtp_tls=mode, smtp_username="mailer", smtp_password="secret")
        async with open_channel("email", settings) as email:
            await email.send(ADA, message())
            await email.send(ADA, message())
    assert (server.connections, len(server.messages)) == (1, 2)


@pytest.mark.parametrize("mode", ["starttls", "tls"])
async def test_an_unknown_certificate_gets_no_mail(certificate: Path, mode: str) -> None:
    """A server that cannot prove who it is gets nothing, and is tried again later."""
    async with FakeSmtp(tls=server_side(certificate), implicit_tls=mode == "tls") as server:
        assert isinstance(await refused_mail(server, smtp_tls=mode), Transient)
    assert not server.messages


async def test_nothing_is_sent_in_clear_where_tls_is_asked_for(mail_server: FakeSmtp) -> None:
    """A server that offers no STARTTLS gets nothing."""
    assert isinstance(await refused_mail(mail_server, smtp_tls="starttls"), Transient)
    assert not mail_server.messages
