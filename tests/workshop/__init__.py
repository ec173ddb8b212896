"""Tests of how we work: the contracts, the house lint, the guards of the suite and the set-up."""
