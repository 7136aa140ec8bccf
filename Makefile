# `make` on its own lists what can be done. ARGS passes on arguments: make demo ARGS="--days-per-second 2"
.DEFAULT_GOAL := help
.PHONY: help demo quick test bench docs golden

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

bench: ## measure, in release
	cargo bench --locked $(ARGS)

docs: ## build the code's documentation, private items included, into target/doc
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked $(ARGS)

golden: ## compare our numbers with the reference figures in tests/golden
	cargo test --locked --lib --test it golden -- --nocapture $(ARGS)
