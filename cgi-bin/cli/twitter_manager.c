/* twitter_manager.c - the program for people and cron. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "app/app.h"
#include "app/init.h"
#include "app/tick.h"
#include "base/json.h"
#include "base/random.h"
#include "base/version.h"

enum { MEMORY_MAX = 512 * 1024 * 1024 };

struct command {
	const char *name;
	enum err (*run)(struct app *app, enum err configured);
	const char *help;
};

static volatile sig_atomic_t stop;

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

static enum err init(struct app *app, enum err configured)
{
	const char *file = NULL;

	TRY(configured);
	TRY(init_keys(app, &file));
	if (file)
		printf("%s has new keys. Keep a copy: without ENCRYPTION_KEY"
		       " all accounts must be linked again.\n",
		    file);
	else
		printf("There are keys already; nothing was changed.\n");
	return OK;
}

static enum err tick(struct app *app, enum err configured)
{
	cJSON *json = NULL;

	TRY(configured);
	TRY(app_open_store(app));
	TRY(tick_run(app, app->config.tick_budget_seconds, &json));
	puts(json_print(json));
	return OK;
}

static const struct command commands[] = {
	{ "init", init, "write a .env with new keys, if there is none" },
	{ "tick", tick, "send what waits and may go now, and tidy up" },
};

static void help(FILE *out)
{
	fputs("usage: twitter-manager COMMAND\n\n", out);
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
	fputs("\n  --help, --version\n", out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COUNT(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

static void prepare_process(void)
{
	const struct rlimit no_core = { 0, 0 };
	struct sigaction action = { .sa_handler = on_term };

	umask(077);
	setrlimit(RLIMIT_CORE, &no_core);
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static int run(const struct command *command)
{
	SCOPED(arena) arena = arena_make(MEMORY_MAX);
	SCOPED(app) app = { 0 };
	enum err configured = app_open(&app, &arena, random_token(&arena, 12));

	app.stop = &stop;
	enum err err = command->run(&app, configured);

	if (err == OK)
		return EX_OK;

	const char *hint = app.fault.hint ? app.fault.hint : err_hint(err);

	fprintf(stderr, "twitter-manager: %s\n", app.fault.words);
	if (hint)
		fprintf(stderr, "%s\n", hint);
	return err_exit(err);
}

int main(int argc, char **argv)
{
	const struct command *command = argc == 2 ? find(argv[1]) : NULL;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		help(stdout);
		return EX_OK;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("twitter-manager " VERSION);
		return EX_OK;
	}
	if (!command) {
		help(stderr);
		return EX_USAGE;
	}
	prepare_process();
	return run(command);
}
