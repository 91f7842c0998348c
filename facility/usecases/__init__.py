"""What a person can ask of a facility, one verb a module. No command line here, and no printing."""
