"""What a person sets for a service, kept in versions so that a rollback finds what a release ran with."""
