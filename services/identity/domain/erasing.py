"""What is kept of an erasure with the contact itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Erased:
    """When the contact was erased, and who of the staff asked for it (`service`: an operator). `marks` are those of
    its addresses: nobody can read an address from one."""

    at: datetime
    by: str
    marks: tuple[str, ...]
