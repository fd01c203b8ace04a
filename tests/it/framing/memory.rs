//! Files that are made to fill the memory.
