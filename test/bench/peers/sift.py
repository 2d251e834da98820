"""RootSIFT with OpenCV, driven by sift.ts over lines of JSON: {"add": name, ...picture} or {"find": null, ...picture}.

A picture is width, height and pixels (gray, base64). Targets keep 500 features, frames 1000; each target is compared by
brute force with ratio test, then RANSAC homography and a plausible quad.
"""

import base64
import json
import sys

import cv2
import numpy as np

RATIO = 0.8
RANSAC_PX = 4
MATCHES_LEAST = 8
target_sift = cv2.SIFT_create(500)
frame_sift = cv2.SIFT_create(1000)
targets = []


def extract(sift, picture):
    shape = picture["height"], picture["width"]
    gray = np.frombuffer(base64.b64decode(picture["pixels"]), np.uint8).reshape(shape)
    keypoints, descriptors = sift.detectAndCompute(gray, None)
    if descriptors is None:
        descriptors = np.zeros((0, 128), np.float32)
    root = np.sqrt(descriptors / (descriptors.sum(1, keepdims=True) + 1e-7)).astype(np.float32)
    return np.float32([keypoint.pt for keypoint in keypoints]).reshape(-1, 2), root, shape


def pairs_of(target, frame):
    """(target, frame) indices that pass the ratio test; of several targets on one frame feature the nearest stays."""
    best = {}
    for two in cv2.BFMatcher().knnMatch(target, frame, 2):
        if len(two) == 2 and two[0].distance < RATIO * two[1].distance:
            rival = best.get(two[0].trainIdx)
            if rival is None or two[0].distance < rival.distance:
                best[two[0].trainIdx] = two[0]
    return [(match.queryIdx, match.trainIdx) for match in best.values()]


def is_plausible(frame_from_target, target_shape, frame_shape):
    """Convex, not mirrored, neither tiny nor huge nor needle-shaped."""
    height, width = target_shape
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ frame_from_target.T
    if (corners[:, 2] <= 0).any():
        return False
    corners = corners[:, :2] / corners[:, 2:]
    sides = np.roll(corners, -1, 0) - corners
    following = np.roll(sides, -1, 0)
    if (sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0] <= 0).any():
        return False
    lengths = np.linalg.norm(sides, axis=1)
    area = cv2.contourArea(corners.astype(np.float32))
    frame = frame_shape[0] * frame_shape[1]
    return 0.003 * frame < area < 25 * frame and lengths.max() < 12 * lengths.min()


def compare(target, frame):
    """Inliers of a plausible homography, else 0."""
    points, descriptors, shape = target
    frame_points, frame_descriptors, frame_shape = frame
    if len(descriptors) < 2 or len(frame_descriptors) < 2:
        return 0
    pairs = pairs_of(descriptors, frame_descriptors)
    if len(pairs) < MATCHES_LEAST:
        return 0
    of, to = np.array(pairs).T
    cv2.setRNGSeed(1)
    found, inliers = cv2.findHomography(points[of], frame_points[to], cv2.RANSAC, RANSAC_PX, maxIters=1000, confidence=0.995)
    return int(inliers.sum()) if found is not None and is_plausible(found, shape, frame_shape) else 0


for line in sys.stdin:
    request = json.loads(line)
    answer = {"name": None, "inliers": 0}
    if "add" in request:
        targets.append((request["add"], extract(target_sift, request)))
    else:
        frame = extract(frame_sift, request)
        for name, target in targets:
            inliers = compare(target, frame)
            if inliers > answer["inliers"]:
                answer = {"name": name, "inliers": inliers}
    print(json.dumps(answer), flush=True)
