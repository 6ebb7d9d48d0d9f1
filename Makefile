# Makefile - builds, runs, tests and installs Twitter Manager. "make help"
# lists what it can do; everything made goes below build/.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.SECONDEXPANSION:

# A build is a folder, and its name is its kind: release, static (against musl,
# needing nothing of the machine), static-aarch64 (the same for that processor),
# debug (sanitizers), plain (for valgrind and gdb), clang, analyze, fuzz.
BUILD ?= build/$(if $(STATIC),static,release)
KIND ?= $(patsubst static-%,static,$(notdir $(BUILD)))
PREFIX ?= /usr/local
NODE ?= node
export BUILD SERVER

ifneq ($(filter clang fuzz,$(KIND)),)
ifeq ($(origin CC),default)
CC := clang
endif
endif

# ---- sources ----------------------------------------------------------------

# Only these call X: they alone are linked to libcurl. It brings libcrypto as
# a shared library, so they take that one too, and never two copies of it.
X_PROGRAMS := auth publish

LIB_SOURCES := $(wildcard lib/*/*.c)
CLI_SOURCES := $(wildcard cgi-bin/cli/*.c)
CGI_SOURCES := $(wildcard cgi-bin/*.c)
TEST_SOURCES := $(wildcard tests/unit/*.c tests/unit/*/*.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/*.c)
TOOL_SOURCES := $(filter-out $(TEST_SOURCES) $(FUZZ_SOURCES),\
    $(wildcard tests/*/*.c))
HEADERS := $(wildcard lib/*/*.h cgi-bin/*.h cgi-bin/*/*.h tests/*/*.h \
    tests/unit/*/*.h)
SOURCES := $(LIB_SOURCES) $(CLI_SOURCES) $(CGI_SOURCES) $(TEST_SOURCES) \
    $(TOOL_SOURCES) $(FUZZ_SOURCES) $(wildcard cgi-bin/openapi/*.c)
WWW := $(shell find www 2>/dev/null)

O := $(BUILD)/obj
objects = $(1:%.c=$(O)/%.o)
LIBRARY := $(O)/libtwittermanager.a
PROGRAMS := $(patsubst %,$(BUILD)/cgi-bin/%,\
    $(subst _,-,$(basename $(notdir $(CGI_SOURCES)))))
TOOL := $(if $(CLI_SOURCES),$(BUILD)/bin/twitter-manager)
UNIT_SOURCES := $(wildcard tests/unit/*/test_*.c)
TEST_HELPERS := $(filter-out $(UNIT_SOURCES),$(TEST_SOURCES))
made_test = $(BUILD)/tests/$(basename $(notdir $1))
TESTS := $(foreach c,$(UNIT_SOURCES),$(call made_test,$c))
TEST_TOOLS := $(foreach c,$(TOOL_SOURCES),$(call made_test,$c))
FUZZERS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/tests/fuzz-%)

# ---- flags ------------------------------------------------------------------

# Kinds made for looking inside: slower, and nothing is hidden from the tools.
PLAIN := $(filter debug plain fuzz,$(KIND))

try_flags := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion \
    -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
    -Wwrite-strings -Wcast-qual -Wpointer-arith -Wundef -Wvla -Wformat=2 \
    -Wnull-dereference -Wimplicit-fallthrough -Wdouble-promotion \
    -Wformat-signedness -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
    -Wjump-misses-init -Warith-conversion -Wcast-align=strict \
    -fstack-protector-strong -fstack-clash-protection -fcf-protection \
    -mbranch-protection=standard \
    $(if $(PLAIN),,-ftrivial-auto-var-init=zero)
try_ldflags := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack \
    -Wl,--gc-sections -Wl,--as-needed

ifdef PLAIN
CFLAGS ?= -O1 -g3
kind_cflags := -DARENA_CHUNK=0 -fno-omit-frame-pointer
else
CFLAGS ?= -O2
kind_cflags := -DARENA_CHUNK=262144 \
    $(if $(filter -O0,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif
ifneq ($(filter debug fuzz,$(KIND)),)
sanitize := -fsanitize=address,undefined -fno-sanitize-recover=all
endif
kind_cflags += $(sanitize) $(if $(filter fuzz,$(KIND)),-fsanitize=fuzzer-no-link)
kind_cflags += $(if $(filter analyze,$(KIND)),-fanalyzer)
werror := $(if $(filter true,$(CI))$(filter 1,$(WERROR)),-Werror)

# What compiler and machine know is tried once and kept in config.mk; goals
# that compile nothing themselves do without, since a compiler may be missing.
NO_COMPILE := help run docs dist debug unit check check-all check-rest \
    check-release servers deps deps-test style screenshots analyze valgrind \
    fuzz shell-request bench format clean uninstall
ifneq ($(filter-out $(NO_COMPILE),$(or $(MAKECMDGOALS),all)),)
include $(O)/config.mk
endif

COMPILE = $(CC) -std=c17 -D_DEFAULT_SOURCE -Ilib $(includes) -MMD -MP -fPIE \
    -ffunction-sections -fdata-sections $(kind_cflags) $(config_cflags) \
    $(werror) $(CPPFLAGS) $(CFLAGS)
LINK = $(CC) $(CFLAGS) $(sanitize) $(config_ldflags) $(LDFLAGS)
# Our library again: lib/store/no_math.c stands in for libm.
STATIC_LIBS = $(static_libs) $(static_crypto) $(LIBRARY) $(shared_libs)
X_LIBS = $(static_libs) $(x_libs) $(shared_libs)
$(O)/tests/%.o: includes = -Itests
$(O)/lib/net/%.o: includes = -D_GNU_SOURCE # or musl has no struct tcp_info
$(PROGRAMS): LIBS = $(STATIC_LIBS)
$(X_PROGRAMS:%=$(BUILD)/cgi-bin/%) $(TOOL) $(TEST_TOOLS): LIBS = $(X_LIBS)
$(TESTS): LIBS = $(X_LIBS) -lcmocka
$(FUZZERS): LIBS = $(X_LIBS) -fsanitize=fuzzer
$(FUZZERS): LDFLAGS += -Wl,--no-as-needed -lm # libFuzzer's own

# ---- rules ------------------------------------------------------------------

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(Q),@printf '  %-7s %s\n' $(1) '$(or $(2),$@)')
quoted = '$(subst ','\'',$(1))'
# Rewrites $@ only when the text it should have is another.
stamp = @mkdir -p $(@D); printf '%s\n' $(call quoted,$(1)) | cmp -s - $@ || \
    printf '%s\n' $(call quoted,$(1)) >$@
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))
MAKE_IT = $(MAKE) --no-print-directory $(jobs)

CHECKED = $(O)/floors $(O)/circles
all: $(PROGRAMS) $(TOOL) $(BUILD)/www/.made $(CHECKED) ## builds everything (the default)
	@rm -f $(filter-out $(PROGRAMS),$(wildcard $(BUILD)/cgi-bin/*))

test-tools: $(TEST_TOOLS)
tests: $(TESTS) test-tools ## builds the unit tests and the tests' tools
	@rm -f $(filter-out $(TESTS),$(wildcard $(BUILD)/tests/test_*))
fuzzers: $(FUZZERS)
objects: $(call objects,$(LIB_SOURCES) $(CLI_SOURCES) $(CGI_SOURCES))

$(O)/%.o: %.c $(O)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) -c $< -o $@

# Which libraries the programs are linked with, for lib/base/version.h.
$(O)/libraries.txt: FORCE
	$(call stamp,$(libraries_day) $(LIBRARIES))
$(O)/libraries.c: $(O)/libraries.txt
	$(Q){ echo '#include "base/version.h"'; \
	    echo 'const char libraries_day[] = "$(libraries_day)";'; \
	    echo 'const struct library libraries[] = {'; \
	    for each in $(LIBRARIES); do \
		echo "{ \"$${each%%=*}\", \"$${each#*=}\" },"; \
	    done; echo '{ NULL, NULL } };'; } >$@

# C that the build wrote.
$(O)/libraries.o $(O)/openapi.o: %.o: %.c $(O)/flags
	$(call say,CC)
	$(Q)$(COMPILE) -c $< -o $@

$(LIBRARY): $(call objects,$(LIB_SOURCES)) $(O)/libraries.o $(O)/members
	$(call say,AR)
	$(Q)rm -f $@; $(AR) rcsD $@ $(filter %.o,$^)

$(PROGRAMS): $(BUILD)/cgi-bin/%: $(O)/cgi-bin/$$(subst -,_,$$*).o
$(TOOL): $(call objects,$(CLI_SOURCES))
$(TESTS): $(call objects,$(TEST_HELPERS))
$(foreach c,$(UNIT_SOURCES) $(TOOL_SOURCES),\
    $(eval $(call made_test,$c): $(call objects,$c)))
$(FUZZERS): $(BUILD)/tests/fuzz-%: $(O)/tests/fuzz/%.o
$(PROGRAMS) $(TOOL) $(TESTS) $(TEST_TOOLS) $(FUZZERS): $(LIBRARY)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(LINK) $(filter %.o,$^) $(LIBRARY) $(LIBS) -o $@

# Who includes whom, and who calls whom: so cheap that every build asks.
$(O)/floors: tests/style/floors.awk $(SOURCES) $(HEADERS) | $(PROGRAMS) $(TOOL)
	@mkdir -p $(@D)
	$(Q)awk -f tests/style/floors.awk $(SOURCES) $(HEADERS) && touch $@
$(O)/circles: tests/style/circles $(LIBRARY) $(call objects,$(CLI_SOURCES))
	$(Q)tests/style/circles $(BUILD) && touch $@

$(O)/cc: FORCE
	$(call stamp,$(CC) $(shell $(CC) --version 2>&1 | head -n 1) $(PLAIN))
$(O)/flags: FORCE
	$(call stamp,$(COMPILE) / $(LINK) / $(STATIC_LIBS))
$(O)/members: FORCE
	$(call stamp,$(LIB_SOURCES))

$(O)/config.mk: tests/support/configure.sh Makefile $(O)/cc
	$(call say,TRY,what $(CC) knows)
	$(Q)sh tests/support/configure.sh '$(CC)' '$(try_flags)' '$(try_ldflags)' \
	    $(filter static,$(KIND)) >$@

include cgi-bin/openapi/openapi.mk conf/dist.mk
-include $(patsubst %.c,$(O)/%.d,$(SOURCES))

# ---- what people call -------------------------------------------------------

help: ## shows this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "  %-14s %s\n", $$1, $$2 }' \
	    Makefile cgi-bin/*/*.mk conf/*.mk
	@echo '  Variables: BUILD CC CFLAGS LDFLAGS PREFIX DESTDIR V=1 WERROR=1 STATIC=1'

deps: ## installs the packages that building and running need, if any is missing
	@conf/install-deps

deps-test: ## installs the packages that the tests need, if any is missing
	@conf/install-deps test

run: deps ## builds, then serves; HOST, PORT, INSTANCE_DIR … from the environment
	@$(MAKE_IT) all
	@exec conf/serve

debug: ## builds with sanitizers and runs every test on that
	@$(MAKE_IT) BUILD=build/debug check

unit: ## builds and runs the unit tests: seconds
	@$(MAKE_IT) all tests
	@$(NODE) tests/run.mjs unit

check: deps-test ## runs the tests: some minutes; SERVER=apache: those of the API
	@$(MAKE_IT) all tests
	@$(NODE) tests/run.mjs check

check-rest: deps-test ## runs what check-all runs and check does not
	@$(MAKE_IT) all tests
	@$(NODE) tests/run.mjs rest

check-all: deps-test ## runs everything: sanitizers, faults, fuzzing …, about an hour
	@$(MAKE_IT) all tests
	@$(NODE) tests/run.mjs check rest

check-release: deps-test ## tries bare Debian 12 and 13, and what is too long each day; as root
	@$(MAKE_IT) all tests
	@$(NODE) tests/run.mjs release

servers: deps-test ## runs the API's tests under every server, for the table in conf/HOSTING.md
	@$(MAKE_IT) all tests
	@$(NODE) tests/servers/table.mjs

style: ## checks the house style
	@tests/style/check

analyze: ## asks gcc -fanalyzer, clang --analyze, clang-tidy and cppcheck
	@tests/support/analyze.sh

valgrind: ## runs the unit tests and a request of each kind under valgrind
	@$(MAKE_IT) BUILD=build/plain all tests
	@BUILD=build/plain $(NODE) tests/run.mjs valgrind

fuzz: ## make fuzz T=name [FUZZ_SECONDS=60]: one target of tests/fuzz, or all
	@$(MAKE_IT) BUILD=build/fuzz fuzzers
	@BUILD=build/fuzz tests/support/fuzz.sh $(T)

shell-request: ## make shell-request U=/api/v1/tweets: a program as a CGI under gdb
	@$(MAKE_IT) BUILD=build/plain all
	@BUILD=build/plain tests/support/shell-request.sh $(U)

bench: ## measures every call, beside a constant and a Flask: 15 minutes; QUICK=1: two
	@conf/install-deps bench
	@$(MAKE_IT) BUILD=build/release all
	@$(MAKE_IT) BUILD=build/static all
	@BUILD=build/release QUICK=$(QUICK) $(NODE) tests/bench/run.mjs

screenshots: docs ## makes the README's pictures from the running product
	@conf/install-deps pictures && $(NODE) tests/support/screenshots.mjs conf/pictures

format: ## formats all C by clang-format 14
	@formatter=$$(tests/style/formatter) || { echo "$$formatter"; exit 1; }; \
	    $$formatter -i $(SOURCES) $(HEADERS)

clean: ## removes everything made
	rm -rf build $(patsubst %,$(BUILD)/%,cgi-bin bin www obj tests)

FORCE:
.PHONY: FORCE all tests fuzzers objects $(NO_COMPILE) install
