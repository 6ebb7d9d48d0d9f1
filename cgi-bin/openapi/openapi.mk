# openapi.mk - makes the API's description and its reference.
#
# The description is the tables that each program prints when routes.c stands in
# for web/cgi, joined with what is written by hand. The program health holds it
# as bytes, so that it is served wherever health is.

DESCRIBERS := $(PROGRAMS:$(BUILD)/cgi-bin/%=$(O)/routes/%)

$(DESCRIBERS): $(O)/routes/%: $(O)/cgi-bin/$$(subst -,_,$$*).o \
    $(O)/cgi-bin/openapi/routes.o
$(O)/openapi/join: $(call objects,$(filter-out %/routes.c,\
    $(wildcard cgi-bin/openapi/*.c)))
$(DESCRIBERS) $(O)/openapi/join: LIBS = $(X_LIBS)
$(DESCRIBERS) $(O)/openapi/join: $(LIBRARY)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(LINK) $(filter %.o,$^) $(LIBRARY) $(LIBS) -o $@

$(O)/openapi.json: cgi-bin/openapi/openapi.json $(O)/openapi/join $(DESCRIBERS)
	$(call say,JOIN)
	$(Q)for each in $(DESCRIBERS); do $(emulator) $$each || exit; done >$(O)/routes.json
	$(Q)$(emulator) $(O)/openapi/join $< <$(O)/routes.json >$@

$(O)/openapi.c: $(O)/openapi.json
	$(Q){ echo '#include "web/openapi.h"'; \
	    echo 'const unsigned char openapi_json[] = {'; \
	    od -An -v -tu1 $< | sed 's/[0-9][0-9]*/&,/g'; echo '0};'; } >$@

$(BUILD)/cgi-bin/health: $(O)/openapi.o

# What is served as files, with the API reference if it was made.

$(BUILD)/www/.made: conf/make-www conf/bundle.awk conf/stamp $(WWW) $(wildcard tests/postman/*.json $(O)/docs/*)
	$(call say,COPY,$(BUILD)/www)
	$(Q)conf/make-www $(O)/docs $(BUILD)/www && touch $@

docs: ## puts the API reference into the build, at /docs/; wants npm
	@conf/install-deps docs
	@conf/make-www $(O)/docs
	@$(MAKE_IT) all
