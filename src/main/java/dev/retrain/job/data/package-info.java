/**
 * Where vectors and labels come from, and how they are split into training, validation and test
 * sets. Shared by all use cases.
 */
package dev.retrain.job.data;
