"""Asking registries for the images of pods, with the credentials that the kubelet would use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from chartkit.checks.coverage import Coverage, Verdict
from chartkit.checks.pull_answers import Asked
from chartkit.checks.pull_secret_matching import covering
from chartkit.checks.rendered_secrets import Secret
from chartkit.cli.flags import Words
from chartkit.cli.network import open_client, read_jobs
from chartkit.oci.client import RegistryClient
from chartkit.oci.credential import Credential
from chartkit.oci.crew import do_all
from chartkit.oci.probe import Outcome, probe
from chartkit.reference import ImageReference

_ASKED: Final = (Verdict.COVERED, Verdict.PUBLIC, Verdict.ANONYMOUS)

_Key = tuple[Secret, str] | None


class _OneCredential:
    """A keychain that has one credential for every registry, or none."""

    def __init__(self, credential: Credential | None) -> None:
        self._credential = credential

    def credential(self, _registry: str, _repository: str = "") -> Credential | None:
        """The credential."""
        return self._credential


def ask(found: Sequence[Coverage], words: Words) -> list[Asked]:
    """What the registries say of the images in pods; of those whose credentials are not known nothing is asked.

    Each image is asked for once with the same credentials, however many pods have it.

    Args:
        found: the images.
        words: a command line with the flags of the network.

    Raises:
        InputError: a file with certificates cannot be used.
    """
    asker = _Asker(words)
    wanted = [each for each in found if each.verdict in _ASKED and each.use.reference is not None]
    questions = {_question(each): each for each in wanted}
    tasks = [_task(asker, each) for each in questions.values()]
    answers = dict(zip(questions, do_all(tasks, read_jobs(words)), strict=True))
    return [Asked(each, *answers[_question(each)]) for each in wanted]


def _question(each: Coverage) -> tuple[str, tuple[int, ...]]:
    return each.use.text, tuple(id(secret.auths) for secret in each.keychain)


def _task(asker: _Asker, each: Coverage) -> Callable[[], tuple[Outcome, Secret | None, str]]:
    return lambda: asker.answer(each)


class _Asker:
    """Asks, with a client for each credential, so that logins and tokens are kept."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._clients: dict[Credential | None, RegistryClient] = {}

    def answer(self, each: Coverage) -> tuple[Outcome, Secret | None, str]:
        """The answer that counts and whose credentials brought it: the first that is no refusal, as for the kubelet."""
        reference = each.use.reference
        assert reference is not None
        refused: tuple[Outcome, Secret | None, str] | None = None
        for secret, server in _credentials(each, reference):
            outcome = self._ask(reference, secret.auths[server].credential)
            if not outcome.answer.refused:
                return outcome, secret, server
            refused = refused or (outcome, secret, server)
        return refused or (self._ask(reference, None), None, "")

    def _ask(self, reference: ImageReference, credential: Credential | None) -> Outcome:
        client = self._clients.get(credential)
        if client is None:
            client = self._clients.setdefault(credential, open_client(self._words, _OneCredential(credential)))
        return probe(client, reference, platforms=False)


def _credentials(each: Coverage, reference: ImageReference) -> Iterator[tuple[Secret, str]]:
    """The credentials that the kubelet tries for an image, in its order."""
    servers = dict.fromkeys(server for secret in each.keychain for server in secret.servers)
    for server in covering(servers, reference):
        for secret in each.keychain:
            if server in secret.auths:
                yield secret, server
