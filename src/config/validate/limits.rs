//! Times and sizes.

use super::Check;
use crate::config::Span;
use crate::config::settings::Settings;

const DAY: Span = Span::secs(24 * 60 * 60);

impl Check<'_> {
    pub(super) fn limits(&mut self, settings: &Settings) {
        let Settings { upstream, listener, store, .. } = settings;
        // Zero would refuse every request, or is said better by another setting.
        let at_least_something = [
            ("upstream.connect_timeout", upstream.connect_timeout),
            ("upstream.response_timeout", upstream.response_timeout),
            ("upstream.body_timeout", upstream.body_timeout),
            ("upstream.idle_timeout", upstream.idle_timeout),
            ("listener.header_timeout", listener.header_timeout),
            ("listener.idle_timeout", listener.idle_timeout),
            ("listener.body_timeout", listener.body_timeout),
            ("listener.send_timeout", listener.send_timeout),
        ];
        let any = [
            ("upstream.expect_timeout", upstream.expect_timeout),
            ("listener.drain_delay", listener.drain_delay),
            ("listener.drain_timeout", listener.drain_timeout),
            ("listener.queue_timeout", listener.queue_timeout),
        ];
        for (key, span) in at_least_something {
            self.some_time(key, span);
        }
        for (key, span) in any {
            self.at_most_a_day(key, span);
        }
        // hyper's smallest buffer for a head is 8 KiB.
        if !(8 * 1024..=1024 * 1024).contains(&listener.max_head.0) {
            self.wrong("listener.max_head", format!("{}: must be from 8KiB to 1MiB", listener.max_head));
        }
        if !(1024 * 1024..=1024 * 1024 * 1024).contains(&store.max_size.0) {
            self.wrong("store.max_size", format!("{}: must be from 1MiB to 1024MiB", store.max_size));
        }
        if store.max_age == Span::secs(0) {
            self.wrong("store.max_age", "must be longer than nothing; to keep none, leave store.path out");
        }
    }

    pub(super) fn some_time(&mut self, key: &str, span: Span) {
        if span == Span::secs(0) {
            let hint = match key {
                "upstream.idle_timeout" => "; to keep no connections, set upstream.max_idle = 0",
                _ => "",
            };
            self.wrong(key, format!("must be longer than nothing{hint}"));
        }
        self.at_most_a_day(key, span);
    }

    fn at_most_a_day(&mut self, key: &str, span: Span) {
        if span > DAY {
            self.wrong(key, format!("{span} is longer than a day; is the unit right?"));
        }
    }
}
