/**
 * The commands: each class turns options into a job's record, runs it and prints what it returns.
 * Nothing else knows this package.
 */
package dev.retrain.cli.command;
