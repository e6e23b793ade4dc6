/** Images for people to look at: thumbnails, sprite sheets and contact sheets. */
package dev.retrain.image.render;
