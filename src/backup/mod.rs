//! Copies of everything that prove themselves: made while people write, opened and counted before they get their name,
//! and put back in one step.
