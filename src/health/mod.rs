//! What is wrong with an installation and what to do: `skep health` for everything around the data, `skep doctor` for
//! the data itself. Each check is a function that gives a [`Finding`](crate::machine::Finding).
