"""Updates in: by webhook or polling, each confirmed only after its effects are committed."""
