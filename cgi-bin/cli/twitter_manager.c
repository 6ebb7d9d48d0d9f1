/* twitter_manager.c - the program for people and cron. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "app/app.h"
#include "base/json.h"
#include "base/random.h"
#include "base/version.h"
#include "host/doctor.h"
#include "host/init.h"
#include "host/owner.h"
#include "watch/tick.h"

enum { MEMORY_MAX = 512 * 1024 * 1024 };

enum { OPTIONS_MAX = 4 };

/* What a command is given, and how the process is to end if it gives OK. */
struct job {
	struct app *app;
	enum err configured;       /* how the settings were read */
	const char *const *values; /* of its options; NULL: not given */
	int exit;
};

typedef enum err command_fn(struct job *job);

struct command {
	const char *name;
	command_fn *run;
	/* "--name", or "--name=" where it takes a value; no more after NULL */
	const char *options[OPTIONS_MAX];
	const char *help;
};

static volatile sig_atomic_t stop;

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

/* Where the settings cannot be read, it may be for want of rights. */
static enum err configured(const struct job *job, const char *command)
{
	const struct fault f = job->app->fault;

	if (job->configured != OK)
		TRY(owner_check(job->app, command));
	job->app->fault = f;
	return job->configured;
}

static enum err init(struct job *job)
{
	struct init_made made;

	TRY(configured(job, "init"));
	TRY(init_keys(job->app, NULL, &made));
	if (made.file)
		printf("%s has new keys. Keep a copy: without ENCRYPTION_KEY"
		       " all accounts must be linked again.\n",
		    made.file);
	else
		printf("There are keys already; nothing was changed.\n");
	return OK;
}

static enum err tick(struct job *job)
{
	struct app *app = job->app;
	cJSON *json = NULL;

	TRY(configured(job, "tick"));
	TRY(owner_check(app, "tick"));
	TRY(app_open_store(app));
	TRY(tick_run(app, app->config.tick_budget_seconds, &json));
	puts(json_print(json));
	return OK;
}

enum { DOCTOR_AS_JSON, DOCTOR_URL };

static enum err doctor(struct job *job)
{
	const char *url = job->values[DOCTOR_URL];
	struct buf text = buf_make(job->app->arena, 1024 * 1024);

	if (url && !config_is_url(url))
		return fail(job->app, ERR_BAD_REQUEST,
		    "--url wants an address that begins with http:// or"
		    " https://");

	const struct doctor_row *rows =
	    doctor_run(job->app, job->configured, url);

	if (job->values[DOCTOR_AS_JSON]) {
		puts(json_print(doctor_json(rows)));
	} else {
		doctor_text(&text, rows);
		fputs(buf_cstr(&text), stdout);
	}
	job->exit = doctor_well(rows) ? EX_OK : EXIT_FAILURE;
	return OK;
}

static const struct command commands[] = {
	{ "init", init, { NULL },
	    "write a .env with new keys, if there is none" },
	{ "tick", tick, { NULL },
	    "send what waits and may go now, and tidy up" },
	{ "doctor", doctor,
	    { [DOCTOR_AS_JSON] = "--json", [DOCTOR_URL] = "--url=" },
	    "look everything over and say how to mend it" },
};

static void help(FILE *out)
{
	fputs("usage: twitter-manager COMMAND [OPTIONS]\n\n", out);
	for (size_t i = 0; i < COUNT(commands); i++) {
		const struct command *command = &commands[i];

		fprintf(out, "  %-8s %s\n", command->name, command->help);
		for (size_t j = 0; j < OPTIONS_MAX && command->options[j]; j++)
			fprintf(out, "           %s%s\n", command->options[j],
			    strchr(command->options[j], '=') ? "VALUE" : "");
	}
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

static int run(const struct command *command, const char *const *values)
{
	SCOPED(arena) arena = arena_make(MEMORY_MAX);
	SCOPED(app) app = { 0 };

	struct job job = { .app = &app, .values = values, .exit = EX_OK };

	job.configured = app_open(&app, &arena, random_token(&arena, 12));
	app.stop = &stop;

	enum err err = command->run(&job);

	if (err == OK)
		return job.exit;

	const char *hint = app.fault.hint ? app.fault.hint : err_hint(err);

	fprintf(stderr, "twitter-manager: %s\n", app.fault.words);
	if (hint)
		fprintf(stderr, "%s\n", hint);
	return err_exit(err);
}

/* Takes the option at ARGS, "--name", "--name=value" or "--name value"; gives
 * how many words it is, 0 when the command has none such. */
static int take_option(
    const struct command *command, char **args, const char **values)
{
	for (size_t i = 0; i < OPTIONS_MAX && command->options[i]; i++) {
		const char *option = command->options[i];
		size_t n = strcspn(option, "=");

		if (strncmp(args[0], option, n) != 0)
			continue;
		if (!args[0][n] && !option[n]) {
			values[i] = args[0];
			return 1;
		}
		if (args[0][n] == '=' && option[n]) {
			values[i] = args[0] + n + 1;
			return 1;
		}
		if (!args[0][n] && args[1]) {
			values[i] = args[1];
			return 2;
		}
	}
	return 0;
}

static bool take_options(
    const struct command *command, char **args, const char **values)
{
	while (*args) {
		int taken = take_option(command, args, values);

		if (!taken) {
			fprintf(stderr,
			    "twitter-manager: %s does not take %s so\n\n",
			    command->name, *args);
			return false;
		}
		args += taken;
	}
	return true;
}

int main(int argc, char **argv)
{
	const struct command *command = argc > 1 ? find(argv[1]) : NULL;
	const char *values[OPTIONS_MAX] = { NULL };

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		help(stdout);
		return EX_OK;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("twitter-manager " VERSION);
		return EX_OK;
	}
	if (!command || !take_options(command, argv + 2, values)) {
		help(stderr);
		return EX_USAGE;
	}
	prepare_process();
	return run(command, values);
}
