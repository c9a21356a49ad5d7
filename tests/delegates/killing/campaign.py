"""A session killed again and again, resumed each time, and held against one that never was."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any
from zlib import crc32

from tests.delegates.killing.nursery import Child, Nursery
from tests.delegates.sessions import MINI, bare, events_of, haggle, said
from tests.games.eventful import TEXT as EVENTFUL
from tests.support.openai_stub import Fault, OpenAIStub, Said, error, too_many
from transcripts import verify
from transcripts.events import Asked, Event, Replied
from transcripts.fold import fold
from transcripts.store import Transcript

TRIO = """
minilateral: 1
id: trio
title: A small game of three
date: 2026-02-04
protocol: {kind: alternating-offers, rounds: 3, breakdown: 0.02}
issues:
  volume: {label: volume, unit: t, options: [1, 2, 3]}
  price: {label: price, unit: USD, options: [10, 20, 30]}
parties:
  AAA: {name: Buyer, side: consumer, reservation: 10,
        points: {volume: {1: 0, 2: 30, 3: 50}, price: {10: 50, 20: 30, 30: 0}}}
  BBB: {name: Seller, side: supplier, reservation: 10,
        points: {volume: {1: 50, 2: 30, 3: 0}, price: {10: 0, 20: 30, 30: 50}}}
  CCC: {name: Refiner, side: processor, reservation: 10,
        points: {volume: {1: 0, 2: 50, 3: 20}, price: {10: 10, 20: 50, 30: 10}}}
"""

SCENARIOS = {
    "mini": MINI.replace("rounds: 12", "rounds: 5"),
    "trio": TRIO,
    "eventful": EVENTFUL.replace("KIND", "alternating-offers"),
}

SHOCKS = {"eventful": ("quota@2", "fall@2")}
"""What is to strike beside what a scenario states."""

SEATS: dict[str, tuple[str, dict[str, str]]] = {
    "models": ("mini", {"USA": "llm:m", "COD": "llm:m"}),
    "menu and voices": ("mini", {"USA": "menu:m+llm:v", "COD": "firm+llm:v"}),
    "model, voice and rule": ("mini", {"USA": "llm:m+llm:v", "COD": "tit-for-tat"}),
    "a server without schemas": ("mini", {"USA": "llm:m+llm:v", "COD": "llm:m"}),
    "capitals and shocks": ("eventful", {"A": "llm:m", "B": "menu:m+llm:v"}),
    "three": ("trio", {"AAA": "llm:m", "BBB": "menu:m+llm:v", "CCC": "boulware"}),
}

Question = tuple[str, str, int | None]
"""What makes a question of its own: the model, the messages, the seed."""

MOST_KILLS = 4

TORN = 0.25
"""Share of kills after which the last line is cut as well."""


def asked_by(request: Mapping[str, Any]) -> Question:
    """Return the question of a request."""
    messages = [(message["role"], message["content"]) for message in request["messages"]]
    return request["model"], json.dumps(messages), request.get("seed")


def put(event: Asked) -> Question:
    """Return the question of an event."""
    messages = [(message.role, message.content) for message in event.messages]
    seed = event.settings.get("seed")
    assert seed is None or isinstance(seed, int)
    return event.model, json.dumps(messages), seed


@dataclass
class Moods:
    """Answers by the question alone, but for a first time at which the server is too busy.

    One of three replies cannot be used the first time, one of five questions meets a full server
    once, and each takes its own time.
    """

    without_schemas: bool = False
    """Whether it takes neither a schema nor `max_tokens`, which a client has to find out."""
    refused: set[Question] = field(default_factory=set[Question])
    faults: set[int] = field(default_factory=set[int])
    """Requests that were refused, by identity; the stub keeps them all."""

    def answer(self, request: dict[str, Any]) -> Said | Fault:
        for parameter in ("response_format", "max_tokens"):
            if self.without_schemas and parameter in request:
                self.faults.add(id(request))
                return error(400, f"Unsupported parameter: '{parameter}'", param=parameter)
        question = asked_by(request)
        lot = crc32(repr(question).encode())
        if lot % 5 == 0 and question not in self.refused:
            self.refused.add(question)
            self.faults.add(id(request))
            return too_many(retry_after="0")
        again = "could not be used" in question[1]
        latency_s = 0.004 + lot % 17 / 1000
        if lot % 3 == 0 and not again:
            return Said(text="As an AI I cannot.", usage=(100, 20, 3), latency_s=latency_s)
        if "tools" in request:
            schema = request["tools"][0]["function"]["parameters"]
            decided = _decision(schema["properties"], lot)
            return Said(text=None, arguments=decided, usage=(100, 20, 3), latency_s=latency_s)
        return Said(text=_text(request, lot), usage=(100, 20, 3), latency_s=latency_s)


def _text(request: dict[str, Any], lot: int) -> str:
    if "response_format" in request:
        schema = request["response_format"]["json_schema"]["schema"]
        return _decision(schema["properties"], lot)
    return haggle({"max_tokens": request.get("max_completion_tokens"), **request})


ASKED = {"issue": "tonnes", "option": "1000"}
"""What a model with a mandate asks its capital for."""


def _decision(properties: Mapping[str, Any], lot: int) -> str:
    """Return an offer by lot, or now and then an acceptance, or what a capital is asked for."""
    if "accept" in properties["action"]["enum"] and lot % 7 == 0:
        return said("accept")
    if "ask_capital" in properties["action"]["enum"] and lot % 4 == 0:
        return json.dumps(json.loads(said("ask_capital", message="")) | {"on": ASKED})
    issues = properties["offer"]["anyOf"][0]["properties"]
    offer = {name: issue["enum"][lot % len(issue["enum"])] for name, issue in issues.items()}
    first, second = SENTENCES[lot % 7], SENTENCES[7 + lot % 6]
    return said("offer", offer, f"{first} {second}")


SENTENCES = (
    "We have listened with care.",
    "Our partners have spoken openly.",
    "This table has done good work today.",
    "Time is short for all of us.",
    "Our ministers expect a result.",
    "Both our economies need certainty.",
    "We came here in good faith.",
    "Let us take the text as it stands.",
    "We ask you to meet us there.",
    "That is what we can defend at home.",
    "We put it forward as a whole.",
    "We hope you will see its merit.",
    "Nothing in it should surprise you.",
)
"""What a model says with an offer, two by lot, so that it seldom repeats itself."""


@dataclass(frozen=True)
class Instant:
    """When a process is killed: after so many requests, bytes or seconds, and a little later."""

    kind: str
    after: float
    delay_s: float = 0.0

    @classmethod
    def drawn(cls, chance: Random, whole: "Whole") -> "Instant":
        """Return one of an instant in a session like `whole`, by lot."""
        ways = ("requests", "requests", "bytes", "bytes", "seconds", "beginning", "end")
        match chance.choice(ways):
            case "requests":
                delay_s = chance.uniform(0, 0.03) * chance.random()
                return cls("requests", chance.randint(1, whole.requests), delay_s)
            case "bytes":
                delay_s = chance.uniform(0, 0.03) * chance.random()
                return cls("bytes", chance.uniform(0, whole.bytes), delay_s)
            case "seconds":
                return cls("seconds", chance.uniform(whole.first_s, whole.seconds))
            case "end":
                return cls("size", whole.over_bytes, chance.uniform(0, 0.04) * chance.random())
            case _:
                return cls("seconds", chance.uniform(0, 1.2 * whole.first_s))


@dataclass
class Whole:
    """The session as it goes when nobody kills it."""

    told: list[dict[str, Any]]
    """Its events, less what two runs may differ in."""
    result: dict[str, Any]
    asked: "Counter[Question]"
    """How often each question was answered."""
    requests: int
    bytes: int
    over_bytes: int
    """How long the file is when the last move is made."""
    first_s: float
    """How long until there is a file."""
    seconds: float


@dataclass
class Tally:
    """What a campaign met."""

    runs: int = 0
    kills: Counter[int] = field(default_factory=Counter[int])
    """Runs by how often they were killed."""
    phases: Counter[str] = field(default_factory=Counter[str])
    """Kills by what stood last in the transcript."""
    lost: int = 0
    """Replies asked for again because they were in flight."""
    replies: int = 0
    missed: int = 0
    """Kills that came too late: the process had ended."""

    def told(self) -> str:
        """Return it in words."""
        times = ", ".join(f"{runs} {count}×" for count, runs in sorted(self.kills.items()))
        kills = self.phases.total()
        lines = [
            f"{self.runs} runs, killed {times}: {kills} kills, {self.missed} more came too late",
            f"{self.replies} replies given, {self.lost} of them lost in flight and asked for again",
            *(f"  {count:>4}  {name}" for name, count in self.phases.most_common()),
        ]
        return "\n".join(lines)


@dataclass
class Campaign:
    """Plays sessions of some seats in processes and kills them."""

    name: str
    folder: Path
    nursery: Nursery
    stub: OpenAIStub
    moods: Moods
    tally: Tally
    chance: Random
    seed: int = 3
    home: int = 0
    """Number of the user's folder, where what is learnt of a server is remembered."""
    processes: int = 0
    """How many were started, by which each is known to the server."""

    def __post_init__(self) -> None:
        scenario, self.seats = SEATS[self.name]
        self.shocks = SHOCKS.get(scenario, ())
        self.scenario = self.folder / f"{scenario}.yaml"
        self.scenario.write_text(SCENARIOS[scenario], encoding="utf-8")

    def anew(self) -> None:
        """Let the server and the user's folder forget what happened before."""
        self.moods.refused.clear()
        self.home += 1

    def start(self, *arguments: str) -> Child:
        self.processes += 1
        environ = {
            "MINILATERAL_HOME": str(self.folder / f"home-{self.home}"),
            "OPENAI_BASE_URL": self.stub.url,
            "OPENAI_API_KEY": f"run-{self.processes}",
        }
        output = self.folder / f"output-{self.processes}.txt"
        return self.nursery.start(arguments, environ, output)

    def begin(self, path: Path) -> Child:
        """Start the session anew."""
        seats = [f"--seat={party}={spec}" for party, spec in self.seats.items()]
        seats += [f"--shock={shock}" for shock in self.shocks]
        return self.start(
            "run", str(self.scenario), *seats, f"--seed={self.seed}", f"--out={path}", "--json"
        )

    def carry_on(self, path: Path) -> Child:
        return self.start("resume", str(path), "--json")

    def fork(self, path: Path, at: int, out: Path) -> Child:
        return self.start("fork", str(path), f"--at={at}", f"--out={out}")

    def whole(self) -> Whole:
        """Play the session to its end."""
        path = self.folder / "whole.jsonl"
        self.anew()
        first = self.stub.count
        began = monotonic()
        child = self.begin(path)
        while not path.exists() and not child.is_over:
            sleep(0.0005)
        first_s = monotonic() - began
        assert child.wait() == 0, child.output.read_text()
        return Whole(
            told=bare(events_of(path)),
            result=result_of(child),
            asked=Counter(self.replies_to(self.processes)),
            requests=self.stub.count - first,
            bytes=path.stat().st_size,
            over_bytes=sum(map(len, path.read_bytes().splitlines(keepends=True)[:-2])),
            first_s=first_s,
            seconds=monotonic() - began,
        )

    def replies_to(self, process: int) -> list[Question]:
        """Return the questions of a process that were answered, not refused, in their order."""
        key = f"Bearer run-{process}"
        with self.stub.lock:
            heard = list(zip(self.stub.requests, self.stub.keys, strict=True))
        return [
            asked_by(request)
            for request, by in heard
            if by == key and id(request) not in self.moods.faults
        ]

    def kill(self, child: Child, instant: Instant, path: Path) -> bool:
        """Kill a process at an instant and return whether it was still at work."""
        first, began = self.stub.count, monotonic()
        size = path.stat().st_size if path.exists() else 0

        def passed() -> float:
            if instant.kind == "requests":
                return self.stub.count - first
            if instant.kind == "seconds":
                return monotonic() - began
            grown = path.stat().st_size if path.exists() else -1
            return grown if instant.kind == "size" else grown - size

        while passed() < instant.after:
            if child.is_over:
                break
            sleep(0.0002)
        sleep(instant.delay_s)
        child.kill()
        return child.wait() < 0


def result_of(child: Child) -> dict[str, Any]:
    """Return the result a session printed, less what two runs may differ in."""
    lines = child.output.read_text(encoding="utf-8").splitlines()
    told = json.loads(next(line for line in lines if line.startswith("{")))
    own = ("session", "transcript", "cost_usd", "tokens", "seats")
    return {name: value for name, value in told.items() if name not in own}


def kept(events: Iterable[Event]) -> list[Question]:
    """Return the questions whose replies some events hold, in order."""
    found: list[Question] = []
    asked: Asked | None = None
    for event in events:
        if isinstance(event, Asked):
            asked = event
        elif isinstance(event, Replied):
            assert asked is not None
            found.append(put(asked))
    return found


def phase(path: Path) -> str:
    """Return where a killed session stands."""
    if not path.exists():
        return "before the header"
    transcript = Transcript(path)
    if transcript.tail:
        return "in the middle of a line, torn by the kill"
    events = list(transcript.events())
    last = events[-1].type
    if last == "moved" and not fold(events).state.is_open:
        return "over, not closed"
    return PHASES[last]


PHASES = {
    "opened": "header written, nothing asked",
    "asked": "asked, no reply kept",
    "retried": "waiting to ask again",
    "failed": "resumed, nothing asked again yet",
    "resumed": "resumed, nothing asked again yet",
    "replied": "reply kept, not used",
    "unusable": "reply found unusable",
    "moved": "moved, next not asked",
    "happened": "something happened, next not asked",
    "closed": "closed, findings not written",
    "found": "complete, process not ended",
}
"""Where a session stands, by its last event."""


def torn(path: Path, lines: int, chance: Random) -> bool:
    """Cut into the last line if it is a later one than so many, as if death had come amid it.

    The kernel takes a short line whole or not at all, so a kill alone hardly ever does that.
    """
    content = path.read_bytes()
    if not content.endswith(b"\n") or content.count(b"\n") <= max(lines, 1):
        return False
    last = content[:-1].rfind(b"\n") + 1
    path.write_bytes(content[: chance.randrange(last + 1, len(content))])
    return True


@dataclass
class Life:
    """What one process kept of what it was told before it ended."""

    process: int
    before: list[Question]
    after: list[Question]


@dataclass
class Run:
    """One session, killed at least once and played to its end all the same."""

    campaign: Campaign
    whole: Whole
    path: Path
    lives: list[Life] = field(default_factory=list[Life])
    kills: int = 0

    def killed(self) -> None:
        """Play and kill the session as often as the lot says, the last line now and then torn."""
        chance, tally = self.campaign.chance, self.campaign.tally
        wanted = chance.choice((1, 1, 1, 2, 2, 3, MOST_KILLS))
        while self.kills < wanted:
            before, lines = self._kept(), self._lines()
            child = self._started()
            if not self.campaign.kill(child, Instant.drawn(chance, self.whole), self.path):
                assert child.wait() == 0, child.output.read_text()
                tally.missed += 1
                if self.kills:
                    self.lives.append(Life(self.campaign.processes, before, self._kept()))
                    return
                self.path.unlink()
                self.campaign.anew()
                continue
            self.kills += 1
            stands = phase(self.path)
            if self.path.exists() and chance.random() < TORN and torn(self.path, lines, chance):
                stands = "in the middle of a line, cut after the kill"
            tally.phases[stands] += 1
            self.lives.append(Life(self.campaign.processes, before, self._kept()))

    def ended(self) -> Child:
        """Let the session come to its end and return the process that ended it."""
        before, child = self._kept(), self._started()
        assert child.wait() == 0, child.output.read_text()
        self.lives.append(Life(self.campaign.processes, before, self._kept()))
        return child

    def _started(self) -> Child:
        exists = self.path.exists()
        return self.campaign.carry_on(self.path) if exists else self.campaign.begin(self.path)

    def _kept(self) -> list[Question]:
        return kept(Transcript(self.path).events()) if self.path.exists() else []

    def _lines(self) -> int:
        return len(Transcript(self.path)) if self.path.exists() else 0

    def lost(self) -> Counter[Question]:
        """Return the replies that were in flight at the kills, every other being kept in order."""
        lost: Counter[Question] = Counter()
        for life in self.lives:
            given = self.campaign.replies_to(life.process)
            known = len(life.before)
            assert life.after[:known] == life.before
            new = life.after[known:]
            assert given[: len(new)] == new
            flying = given[len(new) :]
            assert len(flying) <= 1, f"{len(flying)} replies of process {life.process} were lost"
            lost.update(flying)
        return lost

    def asked(self) -> Counter[Question]:
        """Return how often each question was answered in all processes together."""
        return Counter(
            question for life in self.lives for question in self.campaign.replies_to(life.process)
        )


def one_run(campaign: Campaign, whole: Whole) -> None:
    """Kill a session, let it come to its end, and check that nothing shows of it."""
    campaign.anew()
    run = Run(campaign, whole, campaign.folder / f"killed-{campaign.processes}.jsonl")
    run.killed()
    child = run.ended()
    lost, asked = run.lost(), run.asked()
    assert bare(events_of(run.path)) == whole.told
    assert asked == whole.asked + lost
    assert lost.total() <= run.kills
    assert result_of(child) == whole.result
    found = verify(run.path)
    assert (found.ok, found.complete, found.notes) == (True, True, [])
    tally = campaign.tally
    tally.runs += 1
    tally.kills[run.kills] += 1
    tally.lost += lost.total()
    tally.replies += asked.total()


def one_fork(campaign: Campaign, whole: Path, at: int, number: int, taken_s: float) -> bool:
    """Kill a fork at an instant; check that it is there whole or not at all; return whether."""
    out = campaign.folder / f"fork-{number}.jsonl"
    before = whole.read_bytes()
    child = campaign.fork(whole, at, out)
    campaign.kill(child, Instant("seconds", campaign.chance.uniform(0, taken_s)), out)
    is_there = out.exists()
    if not is_there:
        again = campaign.fork(whole, at, out)
        assert again.wait() == 0, again.output.read_text()
    found = verify(out)
    assert (found.ok, found.problems) == (True, [])
    made = [event.n for event in events_of(whole) if event.type == "moved"]
    end = made[at - 1] + 1 if at else 1
    assert bare(events_of(out))[1:] == bare(events_of(whole)[:end])[1:]
    assert whole.read_bytes() == before
    return is_there
