/** Text in messages and files: escaping for terminals and CSV, and numbers with their nouns. */
package dev.retrain.util.text;
