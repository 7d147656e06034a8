"""TLS to subgraphs: certificates are verified, names too."""

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.executor.ports import SubgraphUnavailable
from tests.gateway.transport.nasty import ANSWER, NastyServer
from tests.gateway.transport.test_answers import ask


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context with a certificate for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = cert.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.fixture
async def secure(tmp_path, request):
    """A TLS server whose certificate names what the test asks for, and a client context that trusts it."""
    server_tls, client_tls = certificate(tmp_path, request.param)
    server = await NastyServer().start(server_tls)
    yield server, client_tls
    await server.stop()


@pytest.mark.parametrize("secure", ["localhost"], indirect=True)
async def test_a_trusted_certificate_is_accepted(secure, connect):
    """With the right authority and name, fetches run over TLS on one kept connection."""
    server, tls = secure
    transport = connect(server.url, tls=tls)
    assert [await ask(transport) for _ in range(3)] == [ANSWER] * 3
    assert server.connections == 1


@pytest.mark.parametrize("secure", ["localhost"], indirect=True)
async def test_an_unknown_authority_is_refused(secure, connect):
    """By default only the system's authorities are trusted."""
    server, _ = secure
    with pytest.raises(SubgraphUnavailable):
        await ask(connect(server.url))
    assert server.requests == []


@pytest.mark.parametrize("secure", ["elsewhere.example"], indirect=True)
async def test_another_name_is_refused(secure, connect):
    """A trusted certificate for another host is refused."""
    server, tls = secure
    with pytest.raises(SubgraphUnavailable):
        await ask(connect(server.url, tls=tls))
    assert server.requests == []
