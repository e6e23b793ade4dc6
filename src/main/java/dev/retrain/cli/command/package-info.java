/**
 * The commands. Each class parses its options, constructs a job's record, runs the job and prints
 * its result. Only the root of the command line depends on this package.
 */
package dev.retrain.cli.command;
