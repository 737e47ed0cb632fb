"""The one error that a user's data can cause."""


class DataError(Exception):
    """Something in the input is not as it must be.

    The message is one sentence that names the place and the remedy; the command line prints it
    as it is and ends with exit status 1.
    """
