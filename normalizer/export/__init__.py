"""What was found, or what the glossary knows, to the formats of other tools; one module a format."""
