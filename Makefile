# `make` on its own lists what can be done. ARGS passes on arguments: make demo ARGS="--days-per-second 2"
.DEFAULT_GOAL := help
.PHONY: help demo quick test docs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: ## run siaga on Kota Bogor's printed figures of May to July 2021; needs the Rust toolchain only
	cargo run --locked --bin siaga -- demo --fresh $(ARGS)

quick: ## under a minute once built: format, lints, unit tests
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo test --locked --lib --bins $(ARGS)

test: ## everything, with PostgreSQL, a mail server and a browser of its own (SKIP_SERVICES=1 without root)
	tests/run.sh

docs: ## write docs/data-dictionary.md anew and build the code's documentation into target/doc
	SIAGA_WRITE_DOCS=1 cargo test --locked --test it docs::
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked $(ARGS)
