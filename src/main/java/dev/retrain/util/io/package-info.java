/** Files that are complete or absent, directories, hard links, checksums and readable sizes. */
package dev.retrain.util.io;
