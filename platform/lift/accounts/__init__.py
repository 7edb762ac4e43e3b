"""Sign-up, verification, log-in, sessions, password reset, onboarding."""
