// Package calendar counts policy time: when does a promise of "4h" or "2d" fall due, if it is made on
// Friday at 16:59?
//
// A [Calendar] is opening hours by weekday in one time zone, less the holidays. On it
//
//   - h and m are open time: closed hours do not count;
//   - d is a business day: the same time of day on the next day that opens at all; w is five of them;
//   - what is promised while closed is promised at the next opening;
//   - days are counted first, then open time.
//
// On [Always], the calendar 24x7, all are what they are on the clock.
//
// # Edges
//
// A day opens at its first minute and is closed at its last: at 17:00 sharp it is closed. A promise
// that ends exactly at closing time is due then, not at the next opening. If the time of day is closed
// on the day that a count of days leads to, the promise is due at the next opening of that day, or
// where it has none left, at its closing: never a day later than was said.
//
// Opening hours are read on the wall clock, open time is elapsed time. So a shop that is open while
// the clocks go forward has an hour less that day, and "1d" is still the same time tomorrow.
//
// # Holidays
//
// They are dates, or regions by code: regions.go is the table of those, and closedIn says which day counts when a
// holiday is moved off a weekend. A year is worked out when it is first asked for, so a calendar has no end.
//
// # To extend
//
// A region is a line in regions.go, its code one in config.Regions.
package calendar
