"""Real processes of the application, what they are given to do, and the judge of what came of it."""
