# dist.mk - the archive that people unpack on a host.

DIST := $(BUILD)/dist/twitter-manager
ARCHIVE := $(BUILD)/twitter-manager-$(shell sed -n 's/.*VERSION "\(.*\)"/\1/p' \
    lib/base/version.h)-x86_64.tar.gz

$(O)/launch: $(O)/cgi-bin/dist/launch.o
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) -static $(LDFLAGS) $< -o $@

dist: docs ## makes the archive for hosts (x86-64): build/release/*.tar.gz
	@$(MAKE_IT) $(O)/launch
	@conf/make-dist $(BUILD) $(DIST) $(ARCHIVE)
