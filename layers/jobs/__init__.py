"""Long analyses: asked for now, answered by a worker, step by step."""
