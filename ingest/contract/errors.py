"""The four errors of the house; each one's message is what the reader is told."""


class DecodeError(Exception):
    """A message does not say what its topic promises.

    `reason` is a stable code, `detail` the decoder's own words; the row in `rejected_message`
    holds both as ``reason: detail``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class InvalidTransition(Exception):
    """An event does not fit the state that it meets."""


class RetryLater(Exception):
    """The world is not ready for this yet (a server is away); the same call may succeed later."""


class ConfigError(Exception):
    """A setting, an import file or a plug-in is wrong; one line says which and how."""
