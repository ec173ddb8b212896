"""What tests share: fakes with names, builders, and the guards that make noise a failure."""
