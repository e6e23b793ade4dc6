/** Fine-tuning: training the layers of the backbone together with the head. */
package dev.retrain.finetune;
