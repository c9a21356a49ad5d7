"""The readers, by name."""

from tests.fuzzing.target import Target
from tests.fuzzing.targets.evaluations import JOURNAL, PLAN
from tests.fuzzing.targets.forms import GENIUS, NFG
from tests.fuzzing.targets.given import CONFIG, ENVIRONMENT, KEPT, SEATS
from tests.fuzzing.targets.protocol import PROTOCOL
from tests.fuzzing.targets.replies import REPLIES
from tests.fuzzing.targets.scenarios import SCENARIO, SHEET, TYPED
from tests.fuzzing.targets.transcripts import TRANSCRIPT

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        SCENARIO,
        PLAN,
        CONFIG,
        NFG,
        GENIUS,
        TRANSCRIPT,
        SEATS,
        ENVIRONMENT,
        REPLIES,
        PROTOCOL,
        SHEET,
        TYPED,
        JOURNAL,
        KEPT,
    )
}
"""Name → target."""
