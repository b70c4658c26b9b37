//! The pace of hosts, by a clock that stands still.

use super::*;

const RULE: PaceRule = PaceRule {
    factor: 5.0,
    max_adaptive: Duration::from_secs(30),
    busy: Duration::from_mins(1),
    retry: Duration::from_secs(5),
    max_wait: Duration::from_mins(5),
    seed: 7,
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn least(configured: u64) -> Least {
    Least {
        configured: seconds(configured),
        asked: Duration::ZERO,
        own: false,
    }
}

/// How long a turn is waited for. The clock of these tests stands still and
/// jumps to the next thing that is waited for.
async fn waited<'p>(pace: &'p Pace, host: &str, least: Least) -> (Duration, Turn<'p>) {
    let began = Instant::now();
    let turn = pace.turn(host, least).await.unwrap();
    (began.elapsed(), turn)
}

fn about(waited: Duration, asked: Duration) -> bool {
    waited >= asked && waited <= asked + asked / 10 + Duration::from_millis(2)
}

#[tokio::test(start_paused = true)]
async fn a_host_is_left_alone_between_two_answers_and_other_hosts_are_not_held_up() {
    let pace = Pace::new(RULE);
    drop(pace.turn("a.example", least(40)).await.unwrap());
    let (other, _) = waited(&pace, "b.example", least(3600)).await;
    assert_eq!(other, Duration::ZERO);
    let (same, _) = waited(&pace, "a.example", least(40)).await;
    assert!(about(same, seconds(40)), "{same:?}");
}

#[tokio::test(start_paused = true)]
async fn two_requests_to_one_host_never_overlap() {
    let pace = Pace::new(RULE);
    let first = pace.turn("a.example", least(0)).await.unwrap();
    let second = pace.turn("a.example", least(0));
    let waited = tokio::time::timeout(seconds(20), second).await;
    assert!(waited.is_err());
    drop(first);
    pace.turn("a.example", least(0)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_slow_host_is_asked_less_often_and_an_error_never_speeds_up() {
    let pace = Pace::new(RULE);
    let answer = async |how, first_byte| {
        let (wait, turn) = waited(&pace, "a.example", least(2)).await;
        turn.done(how, Some(first_byte));
        wait
    };
    let quick = Duration::from_millis(100);
    answer(Answered::Well, seconds(1)).await;
    assert!(about(answer(Answered::Badly, quick).await, seconds(5)));
    assert!(about(answer(Answered::Well, quick).await, seconds(5)));
    // Down by half of the way: from 5 s towards 0.5 s, but not below 2 s.
    let wait = answer(Answered::Well, quick).await;
    assert!(about(wait, Duration::from_millis(2750)), "{wait:?}");
    assert!(about(answer(Answered::Well, quick).await, seconds(2)));
    answer(Answered::Well, seconds(3600)).await;
    let limit = pace.limits().pop().unwrap();
    assert_eq!((limit.pause, limit.why), (seconds(30), Why::Slow));
    assert_eq!(
        limit.to_string(),
        "a.example: a pause of 30.0 s (its answers are slow)"
    );
}

#[tokio::test(start_paused = true)]
async fn ones_own_machine_is_not_slowed_down() {
    let pace = Pace::new(RULE);
    let own = Least {
        own: true,
        ..least(1)
    };
    let turn = pace.turn("a.example", own).await.unwrap();
    turn.done(Answered::Well, Some(seconds(9)));
    assert!(about(waited(&pace, "a.example", own).await.0, seconds(1)));
}

#[tokio::test(start_paused = true)]
async fn the_longest_pause_counts_and_is_named() {
    let pace = Pace::new(RULE);
    let least = Least {
        asked: seconds(9),
        ..least(2)
    };
    drop(pace.turn("a.example", least).await.unwrap());
    assert_eq!(pace.limits()[0].why, Why::Robots);
    assert!(about(waited(&pace, "a.example", least).await.0, seconds(9)));
    drop(pace.turn("a.example", self::least(2)).await.unwrap());
    assert_eq!(pace.limits()[0].why, Why::Configured);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_asked_too_often_is_left_alone_for_longer_each_time() {
    let pace = Pace::new(RULE);
    let mut waits = Vec::new();
    for _ in 0..4 {
        let (wait, turn) = waited(&pace, "a.example", least(1)).await;
        turn.done(Answered::TooOften(None), None);
        waits.push(wait);
    }
    for (wait, minutes) in waits.iter().zip([0, 1, 2, 4]) {
        assert!(about(*wait, seconds(minutes * 60)), "{waits:?}");
    }
    // Eight minutes are more than a run waits.
    let Busy(wait) = pace.turn("a.example", least(1)).await.unwrap_err();
    assert!(about(wait, seconds(480)), "{wait:?}");
    // Other hosts do not suffer for it.
    assert!(waited(&pace, "b.example", least(1)).await.0.is_zero());
    // Half an hour after that, it is as new.
    tokio::time::sleep(seconds(480 * 2 + 1800)).await;
    let turn = pace.turn("a.example", least(1)).await.unwrap();
    turn.done(Answered::TooOften(None), None);
    let (wait, _) = waited(&pace, "a.example", least(1)).await;
    assert!(about(wait, seconds(60)), "{wait:?}");
}

#[tokio::test(start_paused = true)]
async fn the_time_a_host_asks_for_is_kept() {
    let pace = Pace::new(RULE);
    let turn = pace.turn("a.example", least(1)).await.unwrap();
    turn.done(Answered::Unavailable(Some(seconds(100))), None);
    assert_eq!(pace.limits()[0].why, Why::Busy);
    let (wait, turn) = waited(&pace, "a.example", least(1)).await;
    assert!(about(wait, seconds(100)), "{wait:?}");
    // "Come back at once" is not taken at its word.
    turn.done(Answered::Unavailable(Some(Duration::ZERO)), None);
    let (wait, turn) = waited(&pace, "a.example", least(1)).await;
    assert!(about(wait, seconds(5)), "{wait:?}");
    turn.done(Answered::TooOften(Some(seconds(86_400 * 30))), None);
    let Busy(wait) = pace.turn("a.example", least(1)).await.unwrap_err();
    assert!(about(wait, LONGEST), "{wait:?}");
}

#[test]
fn waits_are_spread_the_same_way_every_time() {
    let spread = |seed, host| PaceRule { seed, ..RULE }.spread(seconds(60), host, 1);
    assert_eq!(spread(1, "a.example"), spread(1, "a.example"));
    assert_ne!(spread(1, "a.example"), spread(2, "a.example"));
    assert_ne!(spread(1, "a.example"), spread(1, "b.example"));
    assert!((0..1000).all(|seed| about(spread(seed, "a.example"), seconds(60))));
}
