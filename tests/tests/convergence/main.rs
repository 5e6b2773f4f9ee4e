//! Devices, a server, and a road between them that breaks: in the end everybody holds the same, nobody holds what
//! they may not see, nothing is lost, and being in touch again costs what changed.

mod membership;
mod random;
mod reconnect;
mod restart;
mod together;
