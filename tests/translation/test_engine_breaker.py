"""The breaker as a machine: whatever happens in whatever order, it rests and comes back by its rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, consumes, invariant, multiple, rule

from bot.translation.breaker import DAY, LONGEST_PAUSE, Attempt, Breaker, DailyLimit

FAILURES, PAUSE = 3, 30.0


class BreakerMachine(RuleBasedStateMachine):
    """Requests overlap, end late, and time passes; a second, simpler account of the rules is kept beside."""

    attempts: Bundle[Attempt] = Bundle("attempts")

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(failures=FAILURES, pause=PAUSE, monotonic=lambda: self.now)
        self.in_a_row = 0
        self.rest_ends: float | None = None
        self.on_trial = False

    @rule(seconds=st.sampled_from([0.0, 1.0, PAUSE, LONGEST_PAUSE]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(target=attempts)
    def ask(self) -> Attempt | MultipleResults[Attempt]:
        attempt = self.breaker.begin()
        if self.rest_ends is None:
            assert attempt is not None
            assert not attempt.trial
        elif self.now < self.rest_ends or self.on_trial:
            assert attempt is None
        else:
            assert attempt is not None
            assert attempt.trial
            self.on_trial = True
        return multiple() if attempt is None else attempt

    @rule(attempt=consumes(attempts))
    def answered(self, attempt: Attempt) -> None:
        self.breaker.succeed(attempt)
        if attempt.trial:
            self.rest_ends, self.on_trial = None, False
        if self.rest_ends is None:
            self.in_a_row = 0

    @rule(attempt=consumes(attempts), pause=st.sampled_from([None, None, 5.0, 3600.0]))
    def failed(self, attempt: Attempt, pause: float | None) -> None:
        was_resting = self.rest_ends
        self.breaker.fail(attempt, pause=pause)
        self.in_a_row += 1
        if attempt.trial:
            self.on_trial = False
        if attempt.trial or pause or (was_resting is None and self.in_a_row == FAILURES):
            self.in_a_row = 0
            self.rest_ends = self.now + self.breaker.wait()
            assert self.breaker.wait() >= min(pause or PAUSE, LONGEST_PAUSE)
            assert self.rest_ends >= (was_resting or 0.0)
            assert self.breaker.wait() <= max(LONGEST_PAUSE, pause or 0.0, (was_resting or 0.0) - self.now)

    @rule(attempt=consumes(attempts))
    def given_up(self, attempt: Attempt) -> None:
        self.breaker.leave(attempt)
        if attempt.trial:
            self.on_trial = False

    @invariant()
    def rests_as_long_as_it_should(self) -> None:
        assert self.breaker.closed is (self.rest_ends is None)


TestBreaker = BreakerMachine.TestCase


def test_the_rest_doubles_with_each_trial_that_fails_up_to_a_limit() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, pause=PAUSE, monotonic=lambda: now[0])
    rests = []
    for _ in range(7):
        attempt = breaker.begin()
        assert attempt is not None
        breaker.fail(attempt)
        rests.append(breaker.wait())
        now[0] += rests[-1]
    assert rests == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0]


def test_a_late_answer_to_a_request_from_before_the_rest_does_not_end_it() -> None:
    breaker = Breaker(failures=1, pause=PAUSE, monotonic=lambda: 0.0)
    early, failing = breaker.begin(), breaker.begin()
    assert early is not None
    assert failing is not None
    breaker.fail(failing)
    breaker.succeed(early)
    assert not breaker.closed


@given(
    st.integers(min_value=1, max_value=500),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, DAY)), max_size=30),
)
def test_no_day_sees_more_characters_than_its_limit(limit: int, requests: list[tuple[int, int]]) -> None:
    now = [0.0]
    daily = DailyLimit(limit, wall=lambda: now[0])
    given_on: dict[int, int] = {}
    for characters, seconds in requests:
        now[0] += seconds
        day = int(now[0] // DAY)
        fits = given_on.get(day, 0) + characters <= limit
        assert daily.take(characters) is fits
        given_on[day] = given_on.get(day, 0) + characters * fits
        assert 0 < daily.until_tomorrow() <= DAY
