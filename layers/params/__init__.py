"""Request text becomes typed values here, or an error that names the parameter."""
