//! The program installs itself: check, plan, ask, do, prove; and every step knows its undo.
//!
//! `install.sh` beside this file only finds the program and starts `skep install`.
