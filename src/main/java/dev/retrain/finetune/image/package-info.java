/** Training images: decoded once, and distorted differently each time. */
package dev.retrain.finetune.image;
