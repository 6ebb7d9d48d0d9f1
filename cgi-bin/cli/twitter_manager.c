/* twitter_manager.c - the program for people and cron. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/json.h"
#include "base/random.h"
#include "base/version.h"
#include "cli.h"
#include "host/doctor.h"
#include "host/foreign.h"
#include "host/init.h"
#include "host/permissions.h"
#include "watch/tick.h"

enum { MEMORY_MAX = 512 * 1024 * 1024 };

struct command {
	const char *name;
	command_fn *run;
	/* "--name", "--name=" where it takes a value, or a word alone where the
	 * value stands alone; no more after NULL */
	const char *options[OPTIONS_MAX];
	const char *help;
};

static volatile sig_atomic_t stop;

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

static enum err init(struct job *job)
{
	struct init_made made;

	TRY(cli_configured(job, "init"));
	TRY(init_keys(job->app, NULL, &made));
	if (made.file)
		printf("%s has new keys. Keep a copy: without ENCRYPTION_KEY"
		       " all accounts must be linked again.\n",
		    made.file);
	else
		printf("There are keys already; nothing was changed.\n");
	return OK;
}

enum { TICK_AS_JSON };

/* Names the tweets that nothing but a person can send now, on standard error:
 * cron mails that. What is tried again stays unsaid, or each run would tell. */
static void tell_failed(const struct publish_result *result)
{
	for (const struct publish_ended *e = result->first; e; e = e->next) {
		if (e->err != OK && !err_retryable(e->err))
			fprintf(stderr,
			    "twitter-manager: tweet %" PRId64 ": %s\n",
			    e->tweet, e->words);
	}
}

static enum err tick(struct job *job)
{
	struct app *app = job->app;
	struct tick_result result = { 0 };

	TRY(cli_configured(job, "tick"));
	TRY(permissions_check(app, "tick"));
	TRY(app_open_store(app));
	TRY(tick_run(app, app->config.tick_budget_seconds, &result));
	tell_failed(&result.published);
	if (job->values[TICK_AS_JSON] || isatty(STDOUT_FILENO))
		puts(json_print(tick_json(&result)));
	return OK;
}

enum { DOCTOR_AS_JSON, DOCTOR_URL, DOCTOR_QUIET, DOCTOR_FIX };

/* Mends rows, and leaves the database closed again, to be looked at. */
static enum err repair_rows(struct job *job, int64_t *repaired)
{
	struct app *app = job->app;

	TRY(cli_configured(job, "doctor --fix"));
	TRY(permissions_check(app, "doctor --fix"));
	TRY(app_open_store(app));
	TRY(foreign_repair(app, repaired));
	app_close_store(app);
	return OK;
}

static enum err doctor(struct job *job)
{
	const char *url = job->values[DOCTOR_URL];
	struct buf text = buf_make(job->app->arena, 1024 * 1024);
	int64_t repaired = 0;

	if (url && !config_is_url(url))
		return fail(job->app, ERR_BAD_REQUEST,
		    "--url wants an address that begins with http:// or"
		    " https://");

	if (job->values[DOCTOR_FIX])
		TRY(repair_rows(job, &repaired));

	const struct doctor_row *rows =
	    doctor_run(job->app, job->configured, url, repaired);

	job->exit = doctor_well(rows) ? EX_OK : EXIT_FAILURE;
	if (job->values[DOCTOR_QUIET] && job->exit == EX_OK)
		return OK;
	if (job->values[DOCTOR_AS_JSON]) {
		puts(json_print(doctor_json(rows)));
	} else {
		doctor_text(&text, rows);
		fputs(buf_cstr(&text), stdout);
	}
	return OK;
}

enum { VERSION_AS_JSON };

static enum err version(struct job *job)
{
	if (job->values[VERSION_AS_JSON]) {
		puts(json_print(version_json()));
		return OK;
	}
	puts("twitter-manager " VERSION);
	for (const struct library *l = libraries; l->name; l++)
		printf("  %s %s\n", l->name, l->version);
	if (libraries_day[0])
		printf("These libraries are in the program; they were the"
		       " newest on %s.\n",
		    libraries_day);
	return OK;
}

static const struct command commands[] = {
	{ "init", init, { NULL },
	    "write a .env with new keys, if there is none" },
	{ "tick", tick, { [TICK_AS_JSON] = "--json" },
	    "run the scheduler once: send what is due, and tidy up" },
	{ "doctor", doctor,
	    { [DOCTOR_AS_JSON] = "--json",
		[DOCTOR_URL] = "--url=",
		[DOCTOR_QUIET] = "--quiet",
		[DOCTOR_FIX] = "--fix" },
	    "look everything over and say how to fix it" },
	{ "key create", cli_key_create,
	    { [KEY_NAME] = "--name=",
		[KEY_SCOPES] = "--scopes=",
		[KEY_EXPIRES] = "--expires=",
		[KEY_CREATE_AS_JSON] = "--json" },
	    "make an API key for some of read,write,publish,tick,admin" },
	{ "key list", cli_key_list, { [KEY_LIST_AS_JSON] = "--json" },
	    "list the API keys, and what each may be used for" },
	{ "key revoke", cli_key_revoke, { [KEY_ID] = "ID" },
	    "end an API key for good" },
	{ "version", version, { [VERSION_AS_JSON] = "--json" },
	    "print the version, and those of the libraries" },
};

static void help(FILE *out)
{
	fputs("usage: twitter-manager COMMAND [OPTIONS]\n\n", out);
	for (size_t i = 0; i < COUNT(commands); i++) {
		const struct command *command = &commands[i];

		fprintf(out, "  %-12s %s\n", command->name, command->help);
		for (size_t j = 0; j < OPTIONS_MAX; j++) {
			const char *option = command->options[j];

			if (option)
				fprintf(out, "%15s%s%s\n", "", option,
				    strchr(option, '=') ? "VALUE" : "");
		}
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

/* The command's option that WORD names, with or without a value; OPTIONS_MAX:
 * it has none such. */
static size_t find_option(const struct command *command, const char *word)
{
	size_t n = strcspn(word, "=");

	for (size_t i = 0; i < OPTIONS_MAX && command->options[i]; i++) {
		const char *option = command->options[i];

		if (strcspn(option, "=") == n && strncmp(word, option, n) == 0)
			return i;
	}
	return OPTIONS_MAX;
}

static int complain(
    const struct command *command, const char *what, const char *word)
{
	fprintf(stderr, "twitter-manager: %s: %s %s\n\n", command->name, what,
	    word);
	return 0;
}

/* Takes a value that stands alone. */
static int take_word(
    const struct command *command, const char *word, const char **values)
{
	for (size_t i = 0; i < OPTIONS_MAX && command->options[i]; i++) {
		if (command->options[i][0] == '-' || values[i])
			continue;
		values[i] = word;
		return 1;
	}
	return complain(command, "unknown argument", word);
}

/* Takes the option at ARGS, "--name", "--name=value" or "--name value"; gives
 * how many words it is; 0, with a word on it, when that will not do. */
static int take_option(
    const struct command *command, char **args, const char **values)
{
	size_t i = find_option(command, args[0]);
	const char *equals = strchr(args[0], '=');

	if (args[0][0] != '-')
		return take_word(command, args[0], values);
	if (i == OPTIONS_MAX)
		return complain(command, "unknown option", args[0]);
	if (!strchr(command->options[i], '=')) {
		if (equals)
			return complain(command,
			    "this option has no value:", command->options[i]);
		values[i] = args[0];
		return 1;
	}
	values[i] = equals ? equals + 1 : args[1];
	if (!values[i])
		return complain(command, "this option needs a value:", args[0]);
	return equals ? 1 : 2;
}

static bool take_options(
    const struct command *command, char **args, const char **values)
{
	while (*args) {
		int taken = take_option(command, args, values);

		if (!taken)
			return false;
		args += taken;
	}
	return true;
}

static bool asks_for(char **args, const char *option)
{
	while (*args && strcmp(*args, option) != 0)
		args++;
	return *args != NULL;
}

/* The command that ARGS begin with, one word or two, and what follows it. */
static const struct command *command_of(char ***args)
{
	const char *word = **args;
	const struct command *command = word ? find(word) : NULL;
	const char *second = word ? (*args)[1] : NULL;
	char both[32];

	if (word && !command && second) {
		snprintf(both, sizeof(both), "%s %s", word, second);
		command = find(both);
		*args += command != NULL;
	}
	if (word && !command)
		fprintf(stderr, "twitter-manager: unknown %s: %s\n\n",
		    word[0] == '-' ? "option" : "command", word);
	*args += word != NULL;
	return command;
}

int main(int argc, char **argv)
{
	const char *values[OPTIONS_MAX] = { NULL };

	if (argc > 1 && asks_for(argv + 1, "--help")) {
		help(stdout);
		return EX_OK;
	}
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		puts("twitter-manager " VERSION);
		return EX_OK;
	}

	char **args = argv + 1;
	const struct command *command = command_of(&args);

	if (!command || !take_options(command, args, values)) {
		help(stderr);
		return EX_USAGE;
	}
	prepare_process();
	return run(command, values);
}
