/** Text that the tool did not write itself, such as file names, made safe for its readers. */
package dev.retrain.util.text;
