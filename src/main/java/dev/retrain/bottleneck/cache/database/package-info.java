/**
 * The SQLite database that is the index of the cache: opening it safely, its tables, its errors.
 */
package dev.retrain.bottleneck.cache.database;
