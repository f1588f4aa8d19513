"""All wrong candidates there are."""

from collections.abc import Mapping

from tests.property.miniatures.miniature import Miniature
from tests.property.miniatures.wrong_calls import WRONG_CALLS
from tests.property.miniatures.wrong_order import WRONG_ORDER
from tests.property.miniatures.wrong_states import WRONG_STATES
from tests.property.miniatures.wrong_writes import WRONG_WRITES

MINIATURES: Mapping[str, Miniature] = {
    miniature.name: miniature
    for miniature in (
        *WRONG_STATES,
        *WRONG_WRITES,
        *WRONG_CALLS,
        *WRONG_ORDER,
    )
}
