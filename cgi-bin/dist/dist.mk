# dist.mk - ways to other machines: the archive that people unpack on a host,
# and installation below a prefix.

DIST := $(BUILD)/dist/twitter-manager
ARCHIVE := $(BUILD)/twitter-manager-$(shell sed -n 's/.*VERSION "\(.*\)"/\1/p' \
    lib/base/version.h)-x86_64.tar.gz

$(O)/launch: $(O)/cgi-bin/dist/launch.o $(LIBRARY)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) -static -Wl,--gc-sections $(LDFLAGS) $^ -o $@

$(ARCHIVE): $(PROGRAMS) $(TOOL) $(BUILD)/www/.made $(O)/launch .env.example \
    $(wildcard conf/* conf/apache/* conf/man/*)
	$(call say,PACK)
	$(Q)conf/make-dist $(BUILD) $(DIST) $@

dist: docs ## makes the archive for hosts (x86-64): build/release/*.tar.gz
	@$(MAKE_IT) $(ARCHIVE)
	@du -h $(ARCHIVE)

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
