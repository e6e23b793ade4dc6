/** Creates image folders: downloads, distorted copies, contact sheets. */
package dev.retrain.job.dataset;
