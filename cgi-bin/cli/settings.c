/* settings.c - what a command is told where the settings cannot be read. */
#include "cli.h"
#include "host/permissions.h"

enum err cli_configured(const struct job *job, const char *command)
{
	const struct fault f = job->app->fault;

	if (job->configured != OK)
		TRY(permissions_check(job->app, command));
	job->app->fault = f;
	return job->configured;
}
