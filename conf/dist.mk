# dist.mk - ways to other machines: the archive that people unpack on a host,
# installation below a prefix, and static programs, which need nothing of it.

# The processor that a build is for: this machine's, or the one in its name.
here := $(shell uname -m)
machine := $(or $(patsubst static-%,%,$(filter static-%,$(notdir $(BUILD)))),$(here))
cross := $(if $(filter-out $(here),$(machine)),$(machine)-linux-gnu-)
emulator := $(if $(cross),qemu-$(machine))
get_libraries = conf/install-deps $(if $(filter $(here),$1),static,arm64) && \
    conf/make-libraries $2 $1

# The kind "static" is built against musl, with libraries of its own.
ifeq ($(KIND),static)
CC := $(cross)gcc -specs=$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/twitter-manager/$(machine).specs
AR := $(cross)ar
ifneq ($(filter-out $(NO_COMPILE),$(or $(MAKECMDGOALS),all)),)
include $(O)/libraries.mk
$(O)/cc $(O)/config.mk: | $(O)/libraries.mk
endif
endif

$(O)/libraries.mk: conf/make-libraries conf/dist.lock $(wildcard conf/libraries/*)
	@mkdir -p $(@D)
	$(Q)$(call get_libraries,$(machine)) >$@

DIST := $(BUILD)/dist/twitter-manager
ARCHIVE := $(BUILD)/twitter-manager-$(shell sed -n 's/.*VERSION "\(.*\)"/\1/p' \
    lib/base/version.h)-$(machine).tar.gz

$(ARCHIVE): $(PROGRAMS) $(TOOL) $(BUILD)/www/.made .env.example \
    $(wildcard conf/* conf/apache/* conf/man/*)
	$(call say,PACK)
	$(Q)STRIP=$(cross)strip conf/make-dist $(BUILD) $(DIST) $@ $(static_copyrights)

# With the libraries that conf/dist.lock names.
archive: $(ARCHIVE)
	@du -h $(ARCHIVE)

ARCH := $(here)
dist: dist_build = build/static$(addprefix -,$(filter-out $(here),$(ARCH)))
dist: ## makes the archive for hosts, build/static/*.tar.gz; ARCH=aarch64: for arm64
	@mkdir -p $(dist_build)/obj
	@$(call get_libraries,$(ARCH),--newest) >$(dist_build)/obj/libraries.new
	@mv $(dist_build)/obj/libraries.new $(dist_build)/obj/libraries.mk
	@$(MAKE_IT) BUILD=$(dist_build) docs
	@$(MAKE_IT) BUILD=$(dist_build) archive

D = $(DESTDIR)$(PREFIX)
install: all ## installs below PREFIX (/usr/local), or DESTDIR and PREFIX
	install -d $(D)/bin $(D)/lib/twitter-manager/cgi-bin \
	    $(D)/lib/twitter-manager/bin $(D)/share/twitter-manager/conf \
	    $(D)/share/man/man1 $(D)/share/man/man5
	install -m 755 $(PROGRAMS) $(D)/lib/twitter-manager/cgi-bin
	install -m 755 $(TOOL) $(D)/lib/twitter-manager/bin
	ln -sf ../lib/twitter-manager/bin/twitter-manager $(D)/bin/twitter-manager
	rm -rf $(D)/share/twitter-manager/www
	cp -pR $(BUILD)/www $(D)/share/twitter-manager/www
	install -m 644 .env.example conf/*.conf conf/Caddyfile \
	    $(D)/share/twitter-manager/conf
	cp -R conf/apache $(D)/share/twitter-manager/conf
	install -m 644 conf/man/*.1 $(D)/share/man/man1
	install -m 644 conf/man/*.5 $(D)/share/man/man5

uninstall: ## removes what install put there, and nothing that was made since
	rm -f $(patsubst $(BUILD)/%,$(D)/lib/twitter-manager/%,$(PROGRAMS) $(TOOL))
	rm -f $(D)/bin/twitter-manager $(D)/share/man/man?/twitter-manager.*
	rm -rf $(D)/share/twitter-manager
	rmdir $(D)/lib/twitter-manager/cgi-bin $(D)/lib/twitter-manager/bin \
	    $(D)/lib/twitter-manager 2>/dev/null || true
