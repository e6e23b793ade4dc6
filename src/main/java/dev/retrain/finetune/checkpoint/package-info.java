/** The file from which an interrupted training resumes. */
package dev.retrain.finetune.checkpoint;
